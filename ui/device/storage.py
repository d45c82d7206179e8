"""The one place that talks to the browser's local storage, and what is said about it.

Of a page, its address (scheme, name and port) alone can read the storage. What a
browser sends is not trusted: `Told` bounds its shape, each `Entry` reads its own text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st
from pydantic import ValidationError

from kb.settings import Settings
from ui.device.entry import Entry
from ui.device.session import DeviceSession, Told
from ui.markup import as_markdown
from ui.permission import who
from ui.texts import _

_SESSION = "device"
_COMPONENT = "device-storage"
_OWNER_DIGITS = 16
# A page writes a text only while the storage holds what the page has last seen there;
# otherwise another tab has been quicker, and its text is told first. It looks again
# whenever the reader comes back to it.
_storage = st.components.v2.component(
    "device_storage",
    js="""
const PREFIX = "mentor-cities/";
const OFF = PREFIX + "off";
const seen = new Map();
const failed = new Set();
let session = "", done = "";

const store = () => {
  try { localStorage.getItem(OFF); return localStorage; } catch { return null; }
};

const write = (change, read, key, kept, refused) => {
  if (change.id === done) return;
  done = change.id;
  if (change.mode === "erase") {
    Object.keys(kept).filter((k) => k.startsWith(PREFIX))
      .forEach((k) => kept.removeItem(k));
    seen.clear();
    failed.clear();
    try { kept.setItem(OFF, "1"); } catch {}
    seen.set(OFF, "1");
    return;
  }
  if (kept.getItem(OFF) && !seen.get(OFF)) return;
  kept.removeItem(OFF);
  seen.delete(OFF);
  for (const [name, text] of Object.entries(change.texts)) {
    const last = seen.get(name) ?? null;
    if (text === last) continue;
    if (read(name) !== last) { refused.push(name); continue; }
    try {
      if (text === null) kept.removeItem(key(name));
      else kept.setItem(key(name), text);
      seen.set(name, text);
      failed.delete(name);
    } catch { failed.add(name); }
  }
};

export default ({data, parentElement, setTriggerValue}) => {
  parentElement.forget?.();
  const kept = store();
  const tell = (told) => setTriggerValue("told", told);
  const isNew = session !== data.session;
  session = data.session;
  if (!kept) { if (isNew) tell({blocked: true}); return; }
  if (isNew) { seen.clear(); failed.clear(); }
  const key = (name) => PREFIX + data.owner + "/" + name;
  const read = (name) => kept.getItem(key(name));
  const look = (failedBefore, refused) => {
    const off = kept.getItem(OFF);
    const texts = {}, tooLarge = [];
    for (const [name, most] of Object.entries(data.names)) {
      const text = read(name);
      if (text === (seen.get(name) ?? null)) continue;
      seen.set(name, text);
      if (text !== null && text.length > most) tooLarge.push(name);
      else texts[name] = text;
    }
    const isSame = off === (seen.get(OFF) ?? null)
      && failedBefore === [...failed].join() && !tooLarge.length;
    seen.set(OFF, off);
    if (isSame && !Object.keys(texts).length) return;
    tell({off: Boolean(off), texts, too_large: tooLarge, failed: [...failed],
          refused});
  };
  const failedBefore = [...failed].join();
  const refused = [];
  if (data.change.id) write(data.change, read, key, kept, refused);
  look(failedBefore, refused);
  const again = () => look([...failed].join(), []);
  addEventListener("focus", again);
  parentElement.forget = () => removeEventListener("focus", again);
  return parentElement.forget;
};
""",
)


def begin() -> DeviceSession:
    """Return what this session knows of its browser's storage."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = DeviceSession()
    device: DeviceSession = st.session_state[_SESSION]
    return device


def is_kept() -> bool:
    """Return whether what this session holds will be there after a reload."""
    device: DeviceSession | None = st.session_state.get(_SESSION)
    return device is not None and device.keeps


def sync(entries: Sequence[Entry], settings: Settings) -> None:
    """Let the browser keep what the session holds now, and tell what is new to it.

    What it tells comes with a further run of the page: call `DeviceSession.take_up` at
    its beginning.

    Args:
        entries: What is kept.
        settings: With a login, each reader has texts of her own.
    """
    device = begin()
    device.plan(entries)
    _storage(
        data={
            "session": device.session_id,
            "owner": owner(settings),
            "names": {entry.name: entry.most_chars for entry in entries},
            "change": {
                "id": device.change_id,
                "mode": device.mode,
                "texts": device.wanted,
            },
        },
        key=_COMPONENT,
        height=0,
        on_told_change=_receive,
    )


def faults(entries: Sequence[Entry]) -> None:
    """Draw what the reader has to know about what is kept; mostly nothing."""
    for message in begin().messages(entries):
        st.warning(as_markdown(message), icon=":material/save:")


def device_note(settings: Settings) -> None:
    """Draw what this browser keeps, and the button that erases it."""
    device = begin()
    label = _("What this browser keeps")
    with st.popover(label, type="tertiary", icon=":material/devices:"):
        if device.is_blocked:
            st.markdown(_blocked())
        elif device.is_off:
            st.markdown(_("Nothing is kept in this browser, as you have asked."))
            st.button(
                _("Keep it here again"), key="keep-again", on_click=device.keep_again
            )
        else:
            st.markdown(_kept())
            if settings.login:
                st.markdown(_("**On a shared computer, erase it before you log out.**"))
            st.button(
                _("Erase it, and keep nothing here"),
                key="erase-device",
                icon=":material/delete:",
                on_click=device.erase,
            )


def _kept() -> str:
    return _(
        "Your briefing, your latest questions and your city's profile are kept in this "
        "browser, so that they are here after a reload and in a new tab. They lie on "
        "this device and nowhere else; this website has them in its memory only while "
        "a page is open. Whoever uses this browser can see them."
    )


def _blocked() -> str:
    return _(
        "This browser lets pages keep nothing. What you collect and ask is gone when "
        "you close or reload the page."
    )


def owner(settings: Settings) -> str:
    """Return a name for who is logged in that does not tell it; empty for nobody."""
    if not settings.login:
        return ""
    return hashlib.sha256(who().encode()).hexdigest()[:_OWNER_DIGITS]


def _receive() -> None:
    told = st.session_state[_COMPONENT].told
    if told is None:
        return
    try:
        begin().received.append(Told.model_validate(told))
    except ValidationError:
        begin().is_blocked = True  # whatever this is, it is not what is kept here

"""What the Prepare page does with what was collected, without a browser."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from kb import KnowledgeBase
from ui.briefing.collect import collect_case, collect_statement
from ui.briefing.model import MAX_ITEMS, Briefing, Note
from ui.briefing.saved import save_briefing

QUESTION = "What did the pipe of the biscuit factory cost?"
BISCUITS = "exampleton/biscuit-heat"
BONDS = "exampleton/sunday-bonds"
PREPARE = "ui/prepare/prepare.py"


@pytest.fixture
def briefing(tiny_index) -> Briefing:
    """Return a briefing of two statements and a case."""
    kb = KnowledgeBase(tiny_index)
    full = kb.full_case(BISCUITS)
    assert full is not None
    made = Briefing("Pipes")
    for item in (
        *(collect_statement(kb, s.statement_id, QUESTION) for s in full.statements[:2]),
        collect_case(kb, "exampleton/sunday-bonds"),
    ):
        assert item is not None
        made = made.add(item)
    kb.close()
    return made


@pytest.fixture
def prepare(open_page, briefing):
    """Return the Prepare page of a session that has collected something."""
    app = open_page("prepare")
    app.session_state["briefing"] = briefing
    return app.run()


def items(app) -> list[str]:
    """Return the ids of the session's items, in their order."""
    return [item.item_id for item in app.session_state["briefing"].items]


def labels(app) -> list[str]:
    return [button.label.replace("\\", "") for button in app.button]


def click(app, start):
    """Click the first button whose label begins so."""
    found = [b for b in app.button if b.label.replace("\\", "").startswith(start)]
    assert found, labels(app)
    return found[0].click().run()


def texts(app) -> str:
    parts = [*app.markdown, *app.caption, *app.warning, *app.error, *app.info]
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([part.value for part in parts] + html).replace("\\", "")


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("prepare", {}),
        ("prepare", {"kit": "exampleton"}),
        ("prepare", {"session": "x"}),
        ("library", {"city": "exampleton"}),
        ("figures", {}),
        ("compare", {}),
        ("ask", {"q": QUESTION}),
    ],
)
def test_page_when_drawn_again(open_page, briefing, page, parameters):
    """No field is set once more: in the browser that would undo what is being typed."""
    app = open_page(page, **parameters)
    app.session_state["briefing"] = replace(briefing, title="")
    app.run()
    again = app.run()
    assert not again.exception
    widgets = [element for element in again if hasattr(element, "proto")]
    assert [w.proto for w in widgets if getattr(w.proto, "set_value", False)] == []


def test_prepare_when_nothing_is_collected(open_page):
    """An empty briefing says how to begin, and where it is kept."""
    app = open_page("prepare")
    assert "Add to the briefing" in texts(app)
    assert "kept in this browser, on this device" in texts(app)
    assert not app.text_input


def _first_citation():
    """Draw the button of the first citation of an answer."""
    from kb.types import Query
    from ui.briefing.session import collect_button
    from ui.state import knowledge_base

    question = "What did the pipe of the biscuit factory cost?"
    answer = knowledge_base().ask(Query(question))
    collect_button(answer.citations[0].statement_id, question, key="collect")


@pytest.mark.usefixtures("open_page")  # it says where the index is
def test_collect_button_adds_and_removes():
    """A statement of an answer goes into the briefing by one click, and out again."""
    app = AppTest.from_function(_first_citation, default_timeout=30).run()
    click(app, "Add to the briefing")
    (item,) = app.session_state["briefing"].items
    assert item.item_id.startswith(f"{BISCUITS}#")
    assert item.question == QUESTION
    click(app, "Remove from the briefing")
    assert items(app) == []


def test_collect_case_button(open_page):
    """A whole case goes into the briefing from its page."""
    app = open_page("case", case=BISCUITS)
    click(app, "Add to the briefing")
    assert items(app) == [BISCUITS]


def test_collect_button_when_the_briefing_is_full(open_page):
    """Nothing can be added above the limit, and the button says so."""
    app = open_page("case", case=BISCUITS)
    notes = tuple(Note(f"note-{n}", "") for n in range(MAX_ITEMS))
    app.session_state["briefing"] = Briefing(items=notes)
    app.run()
    (button,) = [b for b in app.button if b.key == "collect-case"]
    assert button.disabled
    assert str(MAX_ITEMS) in button.help


def test_link_counts_the_items(prepare):
    """The link on top of every page says how much is collected."""
    links = [element.proto.label for element in prepare.get("page_link")]
    assert "Briefing (3)" in links


def test_items_show_city_case_section_and_question(prepare, briefing):
    """Each statement is shown word for word with where it comes from."""
    told = texts(prepare)
    for item in briefing.items[:2]:
        assert item.statement.text in told
    assert f"What was done · found with: {QUESTION}" in told
    links = [e.proto.label.replace("\\", "") for e in prepare.get("page_link")]
    assert links.count("Exampleton: Waste heat from the biscuit factory") == 1


def test_items_move(prepare, briefing):
    """Arrows move a statement within its case and a case among the cases."""
    one, two, case = (item.item_id for item in briefing.items)
    click(prepare, "Move down: The ovens of a biscuit factory")
    assert items(prepare) == [two, one, case]
    arrows = {
        b.key: b.disabled for b in prepare.button if (b.key or "").startswith("icon-")
    }
    assert [arrows[f"icon-up-{i}"] for i in (two, one)] == [True, False]
    assert [arrows[f"icon-down-{i}"] for i in (two, one)] == [False, True]
    click(prepare, "Move up: Exampleton: Sunday bonds")
    assert items(prepare) == [case, two, one]
    assert [arrows[f"icon-case-up-{i}"] for i in (BISCUITS, BONDS)] == [True, False]


def test_remove_several_at_once(prepare, briefing):
    """What is chosen goes at once, and comes back at once."""
    ids = items(prepare)
    chosen = [b for b in prepare.checkbox if b.key.startswith("pick-")]
    chosen[0].check()
    chosen[2].check().run()
    click(prepare, "Remove 2 chosen items")
    assert items(prepare) == [ids[1]]
    assert "2 items removed." in texts(prepare)
    click(prepare, "Undo")
    assert items(prepare) == ids


def test_choose_all(prepare):
    """Everything is chosen by one click, and by the next nothing."""
    click(prepare, "Choose all")
    assert "Remove 3 chosen items" in labels(prepare)
    click(prepare, "Choose none")
    assert "Remove 0 chosen items" in labels(prepare)


def test_title_follows_the_content_until_it_is_changed(prepare, briefing):
    """Without a title of its own a briefing has one of its content."""
    prepare.text_input[0].set_value("").run()
    assert prepare.text_input[0].value == ("Energy and district heating: Exampleton")
    assert prepare.session_state["briefing"].title == ""
    prepare.text_input[0].set_value("Mine").run()
    click(prepare, "Remove the whole case: Exampleton: Sunday bonds")
    assert prepare.text_input[0].value == "Mine"


def test_length_and_opening_are_chosen(prepare):
    """How long the paper is and how it begins is kept with the briefing."""
    (length,) = [g for g in prepare.button_group if g.label == "How long"]
    length.set_value("half").run()
    box = next(b for b in prepare.checkbox if b.label.startswith("Begin with"))
    box.uncheck().run()
    kept = prepare.session_state["briefing"]
    assert (kept.length, kept.opens_with_summaries) == ("half", False)


def test_remove_and_undo(prepare, briefing):
    """A removed item can be brought back to its place, also after other changes."""
    ids = items(prepare)
    click(prepare, "Remove: A heat pump lifts")
    assert items(prepare) == [ids[0], ids[2]]
    assert "Removed: A heat pump lifts" in texts(prepare)
    prepare.text_input[0].set_value("Changed").run()
    click(prepare, "Undo")
    assert items(prepare) == ids
    assert prepare.session_state["briefing"].title == "Changed"
    assert "Undo" not in labels(prepare)


def test_undo_when_nothing_is_left(open_page, briefing):
    """Also the last item can be brought back."""
    app = open_page("prepare")
    app.session_state["briefing"] = Briefing(items=briefing.items[:1])
    click(app.run(), "Remove: The ovens")
    assert "Add to the briefing" in texts(app)
    click(app, "Undo")
    assert len(items(app)) == 1


def test_undo_when_the_briefing_is_full(prepare, briefing):
    """What finds no room is still offered, and comes back when there is room."""
    click(prepare, "Remove: The ovens")
    full = prepare.session_state["briefing"]
    while not full.is_full:
        full = full.add_note("", len(full.items))
    prepare.session_state["briefing"] = full
    click(prepare, "Undo")
    assert prepare.session_state["briefing"] == full
    assert "is full now" in prepare.toast[0].value
    prepare.session_state["briefing"] = full.remove(full.items[-1].item_id)
    click(prepare, "Undo")
    assert items(prepare)[0] == briefing.items[0].item_id


def test_items_of_an_earlier_index(open_page, briefing):
    """Items are read again from the index whose date the files bear."""
    one, two, case = briefing.items
    old = replace(one.of, generation="earlier")
    one = replace(one, of=old, statement=replace(one.statement, text="Old words."))
    gone = replace(two.statement, statement_id="exampleton/gone#1", text="*Gone*")
    two = replace(two, of=old, statement=gone)
    app = open_page("prepare")
    app.session_state["briefing"] = Briefing("Pipes", "", (one, two, case))
    app.run()
    kept = app.session_state["briefing"]
    assert kept == Briefing("Pipes", "", (briefing.items[0], case))
    (warning,) = app.warning
    assert warning.value.startswith("1 item is not in the cases any more")
    assert r"\*Gone\*" in warning.value


def test_notes_between_items(prepare):
    """A note is added below an item, written, moved with it, and kept."""
    click(prepare, "Add a note below: The ovens")
    note = items(prepare)[1]
    area = next(area for area in prepare.text_area if area.label == "Your note")
    area.set_value("Ask the baker.").run()
    assert prepare.session_state["briefing"].items[1] == Note(
        note, "Ask the baker.", BISCUITS
    )
    click(prepare, "Move down: Ask the baker.")
    assert items(prepare)[2] == note


def test_note_at_the_head_of_a_case(prepare):
    """A note can stand before everything that is taken from a case."""
    click(prepare, "Add a note below: Exampleton: Waste heat")
    note = prepare.session_state["briefing"].items[0]
    assert (note.text, note.case_id) == ("", BISCUITS)


def test_undo_of_a_note_with_what_was_typed_last(prepare):
    """A note removed right after typing comes back with its last words."""
    click(prepare, "Add a note below: The ovens")
    area = next(area for area in prepare.text_area if area.label == "Your note")
    area.set_value("Typed last.")
    click(prepare, "Remove: empty note")
    click(prepare, "Undo")
    assert prepare.session_state["briefing"].items[1].text == "Typed last."


def test_title_and_notes_are_kept_on_another_page(prepare):
    """Who looks something up on another page finds everything as it was."""
    prepare.text_input[0].set_value("My pipes").run()
    prepare.text_area[0].set_value("For Monday.").run()
    prepare.switch_page("ui/about/about.py").run()
    prepare.switch_page(PREPARE).run()
    assert prepare.text_input[0].value == "My pipes"
    assert prepare.text_area[0].value == "For Monday."


def test_preview_only_when_wanted(prepare, briefing):
    """The whole document is drawn when somebody asks for it."""
    assert "What the case says" not in texts(prepare)
    prepare.toggle[0].set_value(True).run()
    assert "What the case says" in texts(prepare)


@pytest.mark.parametrize(
    ("label", "name", "start"),
    [
        ("Word (.docx)", "docx", b"PK"),
        ("PDF (.pdf)", "pdf", b"%PDF"),
        ("Markdown (.md)", "md", b"# Pipes"),
        ("Save as a file", "json", b"{"),
    ],
)
def test_files(prepare, monkeypatch, label, name, start):
    """Each button makes its file, named after title and date, when it is clicked."""
    handed_over = []
    monkeypatch.setattr(
        "ui.prepare.downloads._hand_over",
        lambda file, content, key: handed_over.append((file.name, content)),
    )
    prepare.run()
    assert handed_over == []
    click(prepare, label)
    ((file_name, content),) = handed_over
    assert file_name.startswith("pipes-20")
    assert file_name.endswith(f".{name}")
    assert content.startswith(start)


def test_file_has_what_was_typed_last(prepare, monkeypatch):
    """A click right after typing does not hand out what was there before."""
    handed_over = []
    monkeypatch.setattr(
        "ui.prepare.downloads._hand_over",
        lambda file, content, key: handed_over.append(content),
    )
    prepare.text_input[0].set_value("Typed last")
    click(prepare, "Markdown (.md)")
    assert handed_over[0].startswith(b"# Typed last\n")


def test_open_saved_briefing(open_page, briefing):
    """A saved file brings the briefing back; what it replaces is not lost."""
    app = open_page("prepare")
    app.session_state["briefing"] = Briefing("Earlier")
    app.run()
    app.file_uploader[0].upload("mine.json", save_briefing(briefing).encode()).run()
    assert app.session_state["briefing"] == briefing
    assert app.text_input[0].value == "Pipes"
    app.text_input[0].set_value("Edited since").run()
    click(app, "Undo")
    assert app.session_state["briefing"] == Briefing("Earlier")
    click(app, "Undo")
    assert app.session_state["briefing"] == replace(briefing, title="Edited since")


def test_open_saved_briefing_when_something_is_gone(open_page, briefing):
    """What the cases do not have any more is named, as plain text."""
    record = json.loads(save_briefing(briefing))
    record["items"][0] |= {"id": "exampleton/gone#1", "text": "*Old* <b>words</b>"}
    app = open_page("prepare")
    app.file_uploader[0].upload("mine.json", json.dumps(record).encode()).run()
    assert len(items(app)) == 2
    (warning,) = app.warning
    assert "1 item" in warning.value
    assert r"\*Old\* \<b\>words\</b\>" in warning.value


def test_open_saved_briefing_when_it_is_none(open_page):
    """Another file is refused in a sentence, and nothing changes."""
    app = open_page("prepare")
    app.file_uploader[0].upload("mine.json", b"[1, 2]").run()
    assert "not a saved briefing" in texts(app)
    assert "briefing" not in app.session_state


def test_sessions_do_not_see_each_other(open_page, prepare):
    """What one session collects, another does not have."""
    other = open_page("prepare")
    assert "briefing" not in other.session_state
    assert len(items(prepare)) == 3


def test_kit_of_the_city_in_the_address(open_page):
    """An address names a city's kit; it is shown and can be downloaded."""
    app = open_page("prepare", kit="sampleby")
    assert "Study visit kit: Sampleby" in texts(app)
    assert "Whether used bricks were cheaper than new ones is not known." in texts(app)
    assert "PDF (.pdf)" in labels(app)


def test_kit_when_the_address_names_no_city(open_page):
    """An unknown city is said to be one, and another is offered."""
    app = open_page("prepare", kit="<b>atlantis</b>")
    (info,) = app.info
    assert r"\<b\>atlantis\</b\> is not one of the mentor cities" in info.value
    assert "Study visit kit: Exampleton" in texts(app)


def test_kit_when_city_or_theme_is_chosen(open_page):
    """What is chosen stands in the address, so that it can be shared."""
    app = open_page("prepare", kit="exampleton")
    assert "Waste heat from the biscuit factory" in texts(app)
    app.button_group(key="kit-themes").set_value(["financing"]).run()
    assert app.query_params["theme"] == "financing"
    assert "Waste heat from the biscuit factory" not in texts(app)
    app.selectbox(key="kit-city").set_value("sampleby").run()
    assert app.query_params["kit"] == "sampleby"


def test_change_between_briefing_and_kit(open_page):
    """The choice on top changes the page and the address."""
    app = open_page("prepare")
    app.button_group(key="prepare-what").set_value("kit").run()
    assert app.query_params["kit"] == "exampleton"
    app.button_group(key="prepare-what").set_value("briefing").run()
    assert "kit" not in app.query_params
    assert "Add to the briefing" in texts(app)

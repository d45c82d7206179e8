"""Slides as a PowerPoint file with real titles, lists and speaker's notes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

from ui.prepare.documents.deck import Deck, Slide
from ui.prepare.documents.document import NumberedSource, Words, number_marks

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.shapes.autoshape import Shape
    from pptx.slide import Slide as PowerPointSlide
    from pptx.text.text import TextFrame, _Paragraph

_TITLE_AND_CONTENT = 1
"""Of the layouts of the template that python-pptx brings."""
_WIDTH_CM, _HEIGHT_CM = 33.87, 19.05
_LEFT_CM, _INSIDE_CM = 1.6, 30.6
_DARK_BLUE = (0x0B, 0x3D, 0x6B)
_GREY = (0x4A, 0x4A, 0x4A)
_MOST_SOURCE_SIGNS = 480
"""Of the sources at the foot of a slide, in three lines; all stand in its notes."""
_BLANKS = "_" * 60
_LONGEST_PROPERTY = 255


def to_powerpoint(deck: Deck) -> bytes:
    """Return the slides as a PowerPoint file (.pptx)."""
    from pptx import Presentation as new_presentation
    from pptx.util import Cm

    presentation = new_presentation()
    presentation.slide_width, presentation.slide_height = Cm(_WIDTH_CM), Cm(_HEIGHT_CM)
    _set_properties(presentation, deck)
    for slide in deck.slides:
        _add(presentation, slide, deck)
    file = BytesIO()
    presentation.save(file)
    return file.getvalue()


def _set_properties(presentation: Presentation, deck: Deck) -> None:
    properties = presentation.core_properties
    properties.title = deck.title[:_LONGEST_PROPERTY]
    properties.language = deck.language
    properties.author = properties.comments = ""
    made_at = datetime.combine(deck.made_on, time(), UTC)
    properties.created = properties.modified = made_at


def _add(presentation: Presentation, slide: Slide, deck: Deck) -> None:
    layout = presentation.slide_layouts[_TITLE_AND_CONTENT]
    made = presentation.slides.add_slide(layout)
    title, body = made.shapes.title, made.placeholders[1]
    assert title is not None  # the layout has one
    _place(title, 0.9, 2.6)
    _place(body, 3.7, 11.9)
    _write(title.text_frame, [slide.title], deck, points=26, bold=True)
    own = [Words(_BLANKS)] * slide.own_lines
    _write(body.text_frame, [*slide.points, *own], deck, points=18)
    numbers = {number for words in slide.points for number in words.numbers}
    sources = [source for source in deck.sources if source.number in numbers]
    _add_foot(made, slide, sources, deck)
    notes = made.notes_slide.notes_text_frame
    if notes is not None:
        notes.text = "\n".join([slide.remark, *map(_told, sources), *deck.limits])


def _place(shape: Shape, top: float, height: float) -> None:
    """Put a shape over the slide's width: the template is made for narrower ones."""
    from pptx.util import Cm

    shape.left, shape.width = Cm(_LEFT_CM), Cm(_INSIDE_CM)
    shape.top, shape.height = Cm(top), Cm(height)


def _write(
    frame: TextFrame,
    texts: list[Words],
    deck: Deck,
    *,
    points: float,
    bold: bool = False,
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM if bold else MSO_ANCHOR.TOP
    for n, words in enumerate(texts):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()  # type: ignore[no-untyped-call]
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(5)
        text = " ".join(filter(None, (words.text, number_marks(words.numbers))))
        _run(paragraph, text, words.language or deck.language, points, bold=bold)


def _run(
    paragraph: _Paragraph, text: str, language: str, points: float, *, bold: bool
) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(points), bold
    small = points < 12
    colour = _GREY if small else _DARK_BLUE if bold else (0, 0, 0)
    run.font.color.rgb = RGBColor(*colour)  # type: ignore[no-untyped-call]
    run._r.get_or_add_rPr().set("lang", language)


def _add_foot(
    made: PowerPointSlide, slide: Slide, sources: list[NumberedSource], deck: Deck
) -> None:
    """Add what the slide rests on, in small letters; all of it stands in the notes."""
    from pptx.util import Cm

    told = [slide.remark] if slide.remark else []
    listed = ""
    for source in sources:
        one = f"[{source.number}] {source.title}, {source.details}"
        if len(listed) + len(one) > _MOST_SOURCE_SIGNS:
            listed += " …"
            break
        listed = f"{listed} · {one}" if listed else one
    texts = [Words(text) for text in (*told, listed) if text]
    if texts:
        foot = made.shapes.add_textbox(Cm(0), Cm(0), Cm(1), Cm(1))
        _place(foot, 16.1, 2.4)
        _write(foot.text_frame, texts, deck, points=10)


def _told(source: NumberedSource) -> str:
    return f"[{source.number}] {source.title}. {source.details}. {source.address}"

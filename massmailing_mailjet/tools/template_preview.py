"""What a template becomes before a user decides to use it, as plain data."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .html_tokenizer import DOCTYPE, OUTLOOK_START, START, tokenize

# Tags that only a complete document has, and the visual editor would not keep.
DOCUMENT = {"html", "head", "style"}


@dataclass
class ConversionReport:
    """What the making of a draft has met, in the words of the template, in the order
    of their first appearance."""

    # Expression -> the token or the text that is written in its place.
    variables: dict = field(default_factory=dict)
    constants: dict = field(default_factory=dict)
    # Expressions of which no more than a default text is left.
    lost: dict = field(default_factory=dict)
    # Conditions whose content everyone sees from now on.
    conditions: list = field(default_factory=list)
    # Loops, calls and other branches that are removed.
    removed: list = field(default_factory=list)
    # Mailjet's own contact properties, which stay.
    properties: list = field(default_factory=list)
    _noted: set = field(default_factory=set, repr=False, compare=False)

    def add(self, name, value):
        """Note a text once."""
        if (name, value) not in self._noted:
            self._noted.add((name, value))
            getattr(self, name).append(value)


class TemplatePreview(NamedTuple):
    """A template as a mailing would take it."""

    name: str
    html: str
    findings: ConversionReport
    # How the visual editor shows it, where that is more than the HTML to send.
    arch: str = ""
    subject: str = ""
    preview: str = ""
    sender_name: str = ""
    # The editor that it was made in, where that is one of ours.
    made_in: str = ""
    # Whether its author composed it from blocks, and knows nothing of its code.
    from_blocks: bool = False
    # Why it cannot be used, as a sentence; and what else is to be known.
    refusal: str = ""
    remarks: tuple = ()

    @property
    def is_document(self):
        """Whether only the HTML editor keeps it as it is."""
        return self.made_in != "visual" and any(
            token.kind in (DOCTYPE, OUTLOOK_START)
            or (token.kind == START and token.name in DOCUMENT)
            for token in tokenize(self.html)
        )

    @property
    def editors(self):
        """The editors that can take it, the best first."""
        if self.made_in:
            return (self.made_in,)
        is_code = self.is_document and not self.from_blocks
        return ("html", "visual") if is_code else ("visual", "html")

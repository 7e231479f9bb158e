"""Turns a template and a recipient into content: Jinja first, then Markdown. The only room that knows either."""

from notify.rendering.addressees import Addressees
from notify.rendering.attachments import OwnFiles
from notify.rendering.branching import Field
from notify.rendering.condition import Condition
from notify.rendering.message_name import label_like, wording_in
from notify.rendering.named import Named
from notify.rendering.template import Template
from notify.rendering.withheld import texts_of

__all__ = ["Addressees", "Condition", "Field", "Named", "OwnFiles", "Template", "label_like", "texts_of", "wording_in"]

"""The elements of HTML, grouped by how browsers treat them."""

# Their content is text without tags.
RAW_ELEMENTS = {
    *("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"),
    "plaintext",
}
# SVG and MathML, where a style sheet may contain tags; the elements of theirs that
# contain HTML; and tags of HTML that end them.
FOREIGN = {"svg", "math"}
HTML_WITHIN = {"foreignobject", "desc", "title", "annotation-xml"}
ENDING_FOREIGN = {
    *("body", "head", "p", "div", "table", "center", "span", "b", "i", "em", "strong"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "pre"),
    *("big", "blockquote", "br", "code", "embed", "hr", "img", "menu", "meta", "nobr"),
    *("ruby", "s", "small", "strike", "sub", "sup", "tt", "u", "var", "listing"),
}

# They have no content and no end tag.
VOID = {
    *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr"),
    *("img", "input", "keygen", "link", "meta", "param", "source", "track", "wbr"),
}
# Every document has one of each, wherever their tags are.
FRAME = {"html", "head", "body"}
HEAD = {"base", "basefont", "bgsound", "link", "meta", "title", "style", "script"}
# Formats of text, which may overlap: `<b><i></b></i>`.
FORMATS = {
    *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike"),
    *("strong", "tt", "u"),
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BODIES = {"tbody", "tfoot", "thead"}
CELLS = {"caption", "td", "th"}
TABLE_PARTS = {"colgroup", "tr", *BODIES, *CELLS}
# They end an open paragraph.
BLOCKS = {
    *("address", "article", "aside", "blockquote", "center", "details", "dialog"),
    *("dir", "div", "dl", "fieldset", "figcaption", "figure", "footer", "form"),
    *("header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "search", "section"),
    *("summary", "ul", "pre", "listing", "table", "xmp", "plaintext", "li", "dd", "dt"),
    *HEADINGS,
}

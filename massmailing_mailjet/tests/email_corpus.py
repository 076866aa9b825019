"""Emails as the programs of many makers write them, put together from the ways of each:
the same ones at every run. Every piece of text holds a word of its own."""

from random import Random
from typing import NamedTuple

MAKERS = (
    *("word", "outlook", "apple", "mjml", "mailchimp", "bee", "stripo", "cms", "xhtml"),
    *("tables", "amp", "rtl", "cjk", "emoji", "broken", "html5", "fragment", "upper"),
    *("base", "old"),
)
PER_MAKER = 12


class Sample(NamedTuple):
    """An email, the words that readers see, and the number of its links to websites."""

    name: str
    html: str
    words: list
    links: int


def make_corpus():
    """Return all samples."""
    return [
        _Maker(maker, number).make() for maker in MAKERS for number in range(PER_MAKER)
    ]


class _Maker:
    """Writes one email."""

    def __init__(self, maker, number):
        self.maker, self.number = maker, number
        self.random = Random(f"{maker} {number}")
        self.words, self.links = [], 0

    def make(self):
        count = 2 + self.number % 5
        body = "".join(getattr(self, f"_{self.maker}")() for _ in range(count))
        html = FRAMES.get(self.maker, FRAMES[""]).replace("@BODY@", body)
        html = html.replace("\n", self.random.choice(("\n", "\r\n", "\n  ")))
        return Sample(f"{self.maker} {self.number}", html, self.words, self.links)

    def word(self):
        """Return a new word, in its writing."""
        number = len(self.words)
        word = {
            "rtl": f"שלום{number}",
            "cjk": f"新聞{number}日",
            "emoji": f"hello{number}🎉",
        }.get(self.maker, f"word{number}x")
        self.words.append(word)
        return word

    def url(self):
        self.links += 1
        page = self.random.choice(("a", "a?b=1&amp;c=2", "a#top", "?x=%20", "a b/"))
        return f"https://www.example.net/{self.links}/{page}"

    def link(self, attributes=""):
        """Return a link in one of the ways in which links are written."""
        url, word = self.url(), self.word()
        bare = url.replace(" ", "%20")
        return self.random.choice(
            (
                f'<a href="{url}"{attributes}>{word}</a>',
                f"<a class='b' href='{url}'>{word}</a>",
                f"<A HREF={bare} target=_blank>{word}</A>",
                f'<a title="1 > 0" href="{url}"><b>{word}</b></a>',
                f'<a\n  href = " {url} "\n>{word}</a>',
                f'<a href="{url}"><img src="https://www.example.net/i.png" '
                f'alt="{word}" width=20></a>',
            )
        )

    # === MAKERS === #

    def _word(self):
        return (
            f"<p class=MsoNormal style='mso-margin-top-alt:auto'><span lang=EN-US "
            f"style='font-size:11.0pt;font-family:\"Calibri\"'>{self.word()} "
            f'<o:p></o:p></span></p>\n<p class=MsoNormal><a href="{self.url()}">'
            f"{self.word()}</a><o:p>&nbsp;</o:p></p>"
            "<![if !supportLists]><span>·</span><![endif]>"
        )

    def _outlook(self):
        return (
            '<!--[if mso]><table><tr><td><v:roundrect xmlns:v="urn:x" '
            f'href="{self.url()}" arcsize="5%"><center>Outlook</center></v:roundrect>'
            "</td></tr></table><![endif]--><!--[if !mso]><!-->"
            f"{self.link()}<!--<![endif]--><p>{self.word()}</p>"
        )

    def _apple(self):
        return (
            f'<div dir="auto" style="overflow-wrap: break-word;"><br><div>{self.word()}'
            f'</div><div><br class="webkit"></div><blockquote type="cite">{self.link()}'
            "</blockquote></div>"
        )

    def _mjml(self):
        return (
            '<!--[if mso | IE]><table role="presentation"><tr><td><![endif]--><div '
            'style="margin:0px auto;max-width:600px;"><table role="presentation" '
            'style="width:100%;"><tbody><tr><td style="direction:ltr;font-size:0px;">'
            '<div class="mj-column-per-100" style="font-size:0px;"><div '
            f'style="font-size:13px;line-height:1;">{self.word()}</div>{self.link()}'
            "</div></td></tr></tbody></table></div>"
            "<!--[if mso | IE]></td></tr></table><![endif]-->"
        )

    def _mailchimp(self):
        return (
            '<table class="mcnTextBlock" style="min-width:100%;"><tbody '
            'class="mcnTextBlockOuter"><tr><td valign="top" class="mcnTextBlockInner">'
            f"<h1>{self.word()}</h1>\n{self.link()}<!--[if mso]></td><![endif]-->"
            f"</td></tr></tbody></table>&nbsp;{self.word()}"
        )

    def _bee(self):
        return (
            '<table class="nl-container" style="mso-table-lspace:0pt"><tr><td><div '
            'align="center" class="alignment"><!--[if mso]><v:roundrect '
            f'href="{self.url()}" style="height:42px"><w:anchorlock/><v:textbox>'
            '<![endif]--><span class="button" style="word-break: break-word;">'
            f"{self.link()}</span><!--[if mso]></v:textbox></v:roundrect><![endif]-->"
            f"</div></td></tr></table><p>{self.word()}</p>"
        )

    def _stripo(self):
        return (
            '<div class="es-wrapper-color" lang="en"><!--[if gte mso 9]><v:background '
            'fill="t"><v:fill type="tile" color="#f6f6f6"></v:fill></v:background>'
            '<![endif]--><table class="es-wrapper"><tr><td class="esd-email-paddings">'
            f'{self.link()}<p style="Margin:0">{self.word()}<br></p></td></tr></table>'
            "</div>"
        )

    def _cms(self):
        return (
            f'<div class="field field--name-body"><p>{self.word()}</p><ul><li>'
            f"{self.word()}<li>{self.link()}</ul><script>var a = '<p>no</p>';</script>"
            "<style>.x > p{color:red}</style></div>"
        )

    def _xhtml(self):
        return f"<p>{self.word()}<br/></p>\n<hr/><p>{self.link()}</p>"

    def _tables(self):
        cells = "".join(f"<td>{self.word()}" for _ in range(3))
        return f"<table><tr>{cells}<tr><td colspan=3>{self.link()}</table>"

    def _amp(self):
        return (
            f"<div class=amp-remnant>{self.word()}</div><amp-img src='i.png' "
            f"width='1'></amp-img>{self.link()}<template type='amp-mustache'>no"
            "</template>"
        )

    def _rtl(self):
        return f'<div dir="rtl"><p>{self.word()}</p>{self.link()}</div>'

    def _cjk(self):
        return f"<p style=\"font-family:'宋体'\">{self.word()}</p>{self.link()}"

    def _emoji(self):
        return f'<h2>{self.word()}&#128512;</h2>{self.link()}<p title="🙂">&hearts;</p>'

    def _broken(self):
        word, link = self.word(), self.link()
        return self.random.choice(
            (
                f"<p>{word}<div>-</p></div></span>{link}",
                f"<b><i>{word}</b></i><table>-<tr><td>{link}",
                f"<p class='a>b' id=\"x>y\">{word} < 3 && {link}</p></td>",
                f"<ul><li><a name=x>{word} {link}</ul></ul></body><p>",
                f"<font color=red><p>{word}</font> {link}</></p foo='>'>",
                f"<!-- </body> --><? x ?><!x>{word} <!-->{link}",
            )
        )

    def _html5(self):
        tag = self.random.choice(
            ("section", "main", "article", "figure", "nav", "header", "aside")
        )
        return (
            f"<{tag}><p>{self.word()}</p>{self.link()}</{tag}><figcaption>{self.word()}"
            f"</figcaption><details><summary>{self.word()}</summary></details>"
        )

    def _fragment(self):
        return f"{self.word()} <span>{self.word()}</span> {self.link()}<br>"

    def _upper(self):
        return (
            f'<TABLE BORDER=0 CELLPADDING="0"><TR><TD NOWRAP><FONT FACE=Arial '
            f"SIZE=2>{self.word()}</FONT></TD></TR></TABLE><CENTER>{self.link()}</CENTER>"
        )

    def _base(self):
        self.links += 1
        return f"<p>{self.word()}</p><a href='/page/{self.links}'>{self.word()}</a>"

    def _old(self):
        return (
            f"<center>{self.word()}</center><map name=m><area href='{self.url()}' "
            f"alt='no'></map><p>{self.word()}<p>{self.link()}<dl><dt>{self.word()}<dd>"
            f"{self.word()}</dl>"
        )


FRAMES = {
    "": "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=utf-8><title>no</title>\n"
    "<style>p > a{color:red}</style>\n</head>\n<body>\n@BODY@\n</body>\n</html>\n",
    "word": '<html xmlns:o="urn:o" xmlns:v="urn:v">\n<head>\n<!--[if gte mso 9]><xml>'
    '<o:shapedefaults v:ext="edit"/></xml><![endif]--><style><!-- p.MsoNormal{margin:0}'
    " --></style></head>\n<body lang=EN-US link=blue>\n<div class=WordSection1>@BODY@"
    "</div></body></html>",
    "outlook": "<html><head><title>no</title>\n<!--[if mso]>\n<body class='o'>\n"
    "<![endif]-->\n<!--[if !mso]><!-->\n<body>\n<!--<![endif]-->\n@BODY@</body></html>",
    "apple": "<html><head></head><body style='overflow-wrap: break-word;'>@BODY@</body>"
    "</html>",
    "xhtml": '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//'
    'DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/x.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>no</title></head>'
    "<body>@BODY@</body></html>",
    "amp": '<!doctype html><html ⚡4email data-css-strict><head><meta charset="utf-8">'
    "<style amp4email-boilerplate>body{visibility:hidden}</style></head><body>"
    "@BODY@</body></html>",
    "rtl": '<html dir="rtl" lang="he"><body dir=rtl>@BODY@</body></html>',
    "broken": "<html><body bgcolor=white>@BODY@\n</html>\n<!-- end of </body> -->",
    "html5": "<style>p{color:red}</style>@BODY@",
    "fragment": "@BODY@",
    "upper": "<HTML><HEAD><TITLE>no</TITLE></HEAD><BODY BGCOLOR=#FFFFFF>@BODY@</BODY>"
    "</HTML>",
    "base": '<html><head><base href="https://www.example.net/news/"></head><body>@BODY@'
    "</body></html>",
    "old": "<html><body>@BODY@<p>",
}

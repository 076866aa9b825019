from lxml import etree

from odoo import api, models, tools

from ...tools.stock_content import find_stock_texts

# What the visual editor offers, and how templates name those within them.
ROOTS = (
    "mass_mailing.email_designer_themes",
    "mass_mailing.email_designer_snippets",
)
CALLS = ("t-call", "t-snippet")
SOURCE = "en_US"


class MailjetStock(models.AbstractModel):
    """The texts of the themes and building blocks of the visual editor, including those
    of other add-ons, as their templates have them."""

    _name = "mailjet.stock"
    _description = "Mass mailing stock texts"

    @api.model
    @tools.ormcache("tuple(self.env['res.lang'].get_installed())", cache="templates")
    def _get_texts(self):
        """Return the texts that are to be replaced, in all installed languages, as a
        frozenset of lines."""
        templates = self._read_templates(SOURCE)
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        others = [self._read_templates(code) for code in languages if code != SOURCE]
        texts = set()
        for name, source in templates.items():
            translations = [other[name] for other in others if name in other]
            texts |= find_stock_texts(source, translations)
        return frozenset(texts)

    @api.model
    def _read_templates(self, language):
        """Return the sources of all templates in a language, by their names."""
        View = self.env["ir.ui.view"].sudo().with_context(lang=language)
        sources, names = {}, set(ROOTS)
        while names:
            found = {name: View._get_template_view(name, False) for name in names}
            views = View.union(*found.values())
            archs = dict(zip(views.ids, views._get_combined_archs(), strict=True))
            trees = {name: archs[view.id] for name, view in found.items() if view}
            sources |= dict.fromkeys(found, "<t/>") | {
                name: etree.tostring(tree, encoding="unicode")
                for name, tree in trees.items()
            }
            names = {name for tree in trees.values() for name in _find_calls(tree)}
            names -= sources.keys()
        return sources


def _find_calls(tree):
    """Yield the names of the templates that one contains."""
    for element in tree.iter(etree.Element):
        for attribute in CALLS:
            name = element.get(attribute, "")
            if name and "{" not in name:
                yield name

import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { KeepLast, Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { HtmlFrame } from "../html_frame/html_frame";

const GALLERY = "mailjet.gallery";

/**
 * One template: a small picture, fetched when the card comes into view, or why there is
 * none, and its name.
 */
export class TemplateCard extends Component {
    static template = "massmailing_mailjet.TemplateCard";
    static components = { HtmlFrame };
    static props = { card: Object, fetch: Function, onOpen: Function };

    setup() {
        this.root = useRef("root");
        this.state = useState({ html: "", refusal: "" });
        this.observer = new IntersectionObserver(([entry]) => entry.isIntersecting && this.show());
        onMounted(() => this.observer.observe(this.root.el));
        onWillUnmount(() => this.observer.disconnect());
    }

    async show() {
        this.observer.disconnect();
        const preview = await this.props.fetch(this.props.card);
        Object.assign(this.state, { html: preview.html || "", refusal: preview.refusal || "" });
    }

    get details() {
        return this.props.card.details.filter(Boolean).join(" · ");
    }

    get date() {
        const { date } = this.props.card;
        return date && formatDate(deserializeDateTime(date));
    }
}

/**
 * The templates from which a mailing can be made: look for one, look at it, use it.
 * Nothing of the mailing changes before that.
 */
export class TemplateChooser extends Component {
    static template = "massmailing_mailjet.TemplateChooser";
    static components = { Dialog, HtmlFrame, TemplateCard };
    static props = { mailingId: Number, onUsed: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.sources = [
            { name: "mailjet", label: _t("Mailjet templates") },
            { name: "crm", label: _t("CRM templates") },
            { name: "mailing", label: _t("Our mailings") },
        ];
        this.state = useState({
            source: "mailjet",
            term: "",
            cards: [],
            more: false,
            loaded: false,
            busy: false,
            error: "",
            card: null,
            preview: null,
            editor: "",
            narrow: this.env.isSmall,
        });
        this.previews = new Map();
        this.pictures = new Mutex(); // one at a time: Mailjet is asked for each
        this.lastSearch = new KeepLast();
        this.search = useDebounced(() => this.load(), 250);
        onWillStart(() => this.load());
    }

    // --- The gallery

    async load(offset = 0) {
        const { source, term } = this.state;
        const page = await this.lastSearch.add(
            this.orm.call(GALLERY, "get_cards", [this.props.mailingId, source], { term, offset })
        );
        const cards = page.cards.map((card) => ({ ...card, source }));
        this.state.cards = offset ? [...this.state.cards, ...cards] : cards;
        this.state.more = page.more;
        this.state.loaded = true;
    }

    async showSource(source) {
        Object.assign(this.state, { source, cards: [], loaded: false });
        await this.load();
    }

    async refresh() {
        this.state.busy = true;
        try {
            await this.orm.call(GALLERY, "action_refresh", [this.props.mailingId]);
        } finally {
            this.state.busy = false;
        }
        this.previews.clear();
        await this.load();
    }

    onSearch(ev) {
        this.state.term = ev.target.value;
        this.search();
    }

    /** Return the preview of a card that has come into view, when it is its turn. */
    fetchPicture(card) {
        return this.pictures.exec(async () =>
            card.source === this.state.source ? this.fetchPreview(card) : {}
        );
    }

    /** Return the preview of a template; one that cannot be had says why. */
    fetchPreview(card) {
        const key = `${card.source}-${card.id}`;
        if (!this.previews.has(key)) {
            const preview = this.orm.silent
                .call(GALLERY, "get_preview", [this.props.mailingId, card.source, card.id])
                .catch((error) => {
                    this.previews.delete(key);
                    return this.explain(card, error);
                });
            this.previews.set(key, preview);
        }
        return this.previews.get(key);
    }

    explain(card, error) {
        const refusal = error.data?.message || _t("This template cannot be shown at the moment.");
        return { name: card.name, html: "", subject: "", editors: [], notes: [], refusal };
    }

    // --- One template

    async open(card) {
        Object.assign(this.state, { card, preview: null });
        const preview = await this.fetchPreview(card);
        if (this.state.card === card) {
            this.state.preview = preview;
            this.state.editor = preview.editors[0]?.name || "";
        }
    }

    back() {
        Object.assign(this.state, { card: null, preview: null });
    }

    get editor() {
        return this.state.preview.editors.find(({ name }) => name === this.state.editor);
    }

    get editorLabels() {
        return { visual: _t("Visual editor"), html: _t("HTML editor") };
    }

    use() {
        if (!this.editor.replaced) {
            return this.copy(false);
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Replace the email?"),
            body: _t(
                "This mailing already has an email. The template replaces it, and what was composed is lost."
            ),
            confirmLabel: _t("Replace it"),
            confirm: () => this.copy(true),
            cancelLabel: _t("Keep it"),
            cancel: () => {},
        });
    }

    /** Use a template without a look at it, unless there is something to say first. */
    async useAtOnce(card) {
        await this.open(card);
        if (this.state.preview && !this.state.preview.refusal) {
            await this.use();
        }
    }

    async copy(replace) {
        const { card, editor } = this.state;
        this.state.busy = true;
        try {
            const message = await this.orm.call(
                GALLERY,
                "action_use_template",
                [this.props.mailingId, card.source, card.id],
                { editor, replace }
            );
            this.props.close();
            await this.props.onUsed(message);
        } finally {
            this.state.busy = false;
        }
    }
}

/** Return a function that saves a mailing's form and opens the templates for it. */
export function useTemplateChooser() {
    const dialog = useService("dialog");
    const notification = useService("notification");
    return async (record) => {
        if (!(await record.save())) {
            return;
        }
        dialog.add(TemplateChooser, {
            mailingId: record.resId,
            onUsed: async (message) => {
                await record.load();
                notification.add(message, { type: "success" });
            },
        });
    };
}

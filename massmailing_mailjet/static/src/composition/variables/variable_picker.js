import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { normalize } from "@web/core/l10n/utils";
import { useAutofocus, useService } from "@web/core/utils/hooks";

// What would end a variable or Mailjet's syntax.
const FORBIDDEN = /[$|\n"<>[\]{}]/g;

function words(text) {
    return normalize(text).split(/\s+/).filter(Boolean);
}

/**
 * A searchable list of the variables that a mailing may use, with a text for empty
 * values. Arrows choose, Enter inserts, Escape closes.
 */
export class VariablePicker extends Component {
    static template = "massmailing_mailjet.VariablePicker";
    static props = {
        close: Function,
        /** called with the variable as it is written, such as `$contacts-firstname|you$` */
        onSelect: Function,
        recipientType: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ query: "", token: "", fallback: "" });
        this.listRef = useRef("list");
        this.fallbackRef = useRef("fallback");
        useAutofocus({ refName: "search", mobile: true });
        onWillStart(async () => {
            this.allGroups = await this.orm.call("mailjet.variable", "get_picker_groups", [
                this.props.recipientType || "target",
            ]);
        });
        useEffect(
            () => {
                const active = this.listRef.el?.querySelector("[aria-selected=true]");
                active?.scrollIntoView({ block: "nearest" });
            },
            () => [this.active?.token]
        );
    }

    /** The groups with the variables that match what was typed. */
    get groups() {
        const wanted = words(this.state.query);
        return this.allGroups
            .map((group) => ({
                ...group,
                variables: group.variables.filter(({ label, token }) => {
                    const text = words(`${label} ${token} ${group.label}`).join(" ");
                    return wanted.every((word) => text.includes(word));
                }),
            }))
            .filter((group) => group.variables.length);
    }

    get variables() {
        return this.groups.flatMap((group) => group.variables);
    }

    /** The variable that Enter inserts. */
    get active() {
        const variables = this.variables;
        return variables.find(({ token }) => token === this.state.token) || variables[0];
    }

    /** The active variable as it will be written. */
    get text() {
        const fallback = this.state.fallback.replace(FORBIDDEN, " ").trim();
        const { token } = this.active;
        return fallback ? `${token.slice(0, -1)}|${fallback}$` : token;
    }

    choose(variable) {
        this.state.token = variable.token;
        this.fallbackRef.el.focus();
    }

    insert() {
        if (this.active) {
            this.props.onSelect(this.text);
            this.props.close();
        }
    }

    move(step) {
        const variables = this.variables;
        if (variables.length) {
            const index = variables.indexOf(this.active) + step;
            this.state.token = variables.at(index % variables.length).token;
        }
    }

    onKeydown(ev) {
        const actions = {
            ArrowDown: () => this.move(1),
            ArrowUp: () => this.move(-1),
            Enter: () => this.insert(),
            Escape: () => this.props.close(),
        };
        if (ev.key in actions && !ev.isComposing) {
            ev.preventDefault();
            ev.stopPropagation();
            actions[ev.key]();
        }
    }
}

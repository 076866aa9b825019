import { Component } from "@odoo/owl";
import { usePopover } from "@web/core/popover/popover_hook";
import { VariablePicker } from "./variable_picker";

/** A small button that opens the list of variables. */
export class VariableButton extends Component {
    static template = "massmailing_mailjet.VariableButton";
    static props = {
        class: { type: String, optional: true },
        /** called with the variable as it is written */
        onInsert: Function,
        recipientType: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };

    setup() {
        this.popover = usePopover(VariablePicker, {
            arrow: false,
            position: "bottom-end",
            setActiveElement: true,
        });
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {
            onSelect: this.props.onInsert,
            recipientType: this.props.recipientType,
        });
    }
}

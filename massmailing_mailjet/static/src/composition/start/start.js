import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useTemplateChooser } from "../template_chooser/template_chooser";
import { WAYS } from "../ways/ways";

/** From the details of a new mailing straight into a way to compose its email. */
export class MailjetStart extends Component {
    static template = "massmailing_mailjet.Start";
    static props = { ...standardWidgetProps };

    setup() {
        this.openTemplates = useTemplateChooser();
        this.ways = WAYS;
    }

    async start(composition) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        await record.update({ composition, step: "content" }, { save: true });
        if (composition === "template") {
            await this.openTemplates(record);
        }
    }
}

registry.category("view_widgets").add("mailjet_start", {
    component: MailjetStart,
    fieldDependencies: [
        { name: "composition", type: "selection", readonly: false },
        { name: "step", type: "selection", readonly: false },
    ],
});

import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { HtmlFrame } from "./html_frame";

/** The HTML of an email, to be looked at only. */
export class HtmlFrameField extends Component {
    static template = xml`
        <HtmlFrame html="props.record.data[props.name] || ''" narrow="true" />
    `;
    static components = { HtmlFrame };
    static props = { ...standardFieldProps };
}

registry.category("fields").add("mailjet_html_frame", {
    component: HtmlFrameField,
    supportedTypes: ["text"],
});

import { loadBundle } from "@web/core/assets";
import { AHEAD } from "@massmailing_mailjet/core/mailing_form/ahead";

/** Have the library of the code editor, before the step that shows it. */
AHEAD.add("html_code", ({ data }) => {
    if (data.composition === "html") {
        return loadBundle("web.ace_lib");
    }
});

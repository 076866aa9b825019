import { expect, test } from "@odoo/hoot";
import { queryOne, waitUntil } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

import { HtmlFrame } from "@massmailing_mailjet/composition/html_frame/html_frame";
import { allowClosedFrames } from "../mailing";

defineMailModels();
allowClosedFrames();

// As many emails have it, so that their background covers the window.
const STYLE = "<style>html, body { height: 100%; margin: 0; }</style>";

function html(height) {
    const script = "<script>document.body.innerHTML = ''; parent.hasRun = true;</script>";
    return `${STYLE}<div style="height:${height}px">Hello</div>${script}`;
}

async function mountFrame(props) {
    await mountWithCleanup(HtmlFrame, { props });
    // Another one measures it.
    return queryOne("iframe:not([aria-hidden])");
}

test("an email is closed off", async () => {
    expect(await mountFrame({ html: html(10) })).toHaveAttribute("sandbox", "");
});

async function expectFitted(height) {
    const frame = await mountFrame({ html: html(height), fitted: true });
    await waitUntil(() => frame.clientHeight === height);
    expect("iframe").toHaveCount(1);
    expect(frame).toHaveAttribute("sandbox", "");
    expect(window.hasRun).toBe(undefined);
}

test("a frame is as low as a short email, in which nothing runs", async () => {
    await expectFitted(123);
});

test("a frame is as high as a long email, in which nothing runs", async () => {
    await expectFitted(2345);
});

import { useService } from "@web/core/utils/hooks";
import { checkFileSize } from "@web/core/utils/files";
import { getDataURLFromFile } from "@web/core/utils/urls";

/** Let the user choose a file; nothing is returned when none is chosen. */
export function chooseFile(accept = "*") {
    return new Promise((resolve) => {
        const input = document.createElement("input");
        input.type = "file";
        input.accept = accept;
        input.addEventListener("change", () => resolve(input.files[0]));
        input.addEventListener("cancel", () => resolve());
        input.click();
    });
}

/**
 * A function that hands a file to a method of `mailjet.html.import`, for the mailing of
 * a record, and returns its answer; nothing when the mailing cannot be saved.
 */
export function useUpload() {
    const orm = useService("orm");
    const notification = useService("notification");
    return async (record, method, file) => {
        if (!checkFileSize(file.size, notification)) {
            return;
        }
        if (!record.resId && !(await record.save())) {
            return;
        }
        const [, data] = (await getDataURLFromFile(file)).split(",");
        return orm.call("mailjet.html.import", method, [record.resId, file.name, data]);
    };
}

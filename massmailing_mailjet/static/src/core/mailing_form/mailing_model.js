import { markRaw } from "@odoo/owl";
import { RelationalModel } from "@web/model/relational_model/relational_model";

/**
 * A mailing keeps the values that the server gives it once more, so that only what shows
 * other ones is drawn again. Odoo's own record replaces all of them, and all that is on
 * the screen with them.
 */
export class MailjetMailingRecord extends RelationalModel.Record {
    _setData(data, options = {}) {
        const before = this._given;
        const isRead = before?.resId === this.resId && !options.keepChanges && !this.isNew;
        const texts = Object.fromEntries(
            Object.entries(data).map(([name, value]) => [name, JSON.stringify(value)])
        );
        if (isRead && !this._parentRecord) {
            const isOther = (name) =>
                name in this._changes ||
                texts[name] !== before.texts[name] ||
                this._values[name] !== before.values[name];
            this._renew(
                Object.fromEntries(Object.entries(data).filter(([name]) => isOther(name))),
                options
            );
        } else {
            super._setData(data, options);
        }
        this._given = markRaw({ resId: this.resId, texts, values: { ...this._values } });
    }

    /** Take over the values that have changed, as the method above does with all. */
    _renew(data, { orderBys }) {
        this._values = markRaw({
            ...this._values,
            ...this._parseServerValues(data, { orderBys }),
        });
        this._changes = markRaw({});
        this.dirty = false;
        Object.assign(this._textValues, this._getTextValues(data));
        Object.assign(this.data, this._values);
        this._setEvalContext();
        this._initialTextValues = { ...this._textValues };
        this._invalidFields.clear();
        if (this.isInEdition) {
            this._checkValidity();
        }
        this._savePoint = undefined;
    }
}

export class MailjetMailingModel extends RelationalModel {
    static Record = MailjetMailingRecord;
}

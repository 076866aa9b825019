"""Which records others refer to, for rules on what may be deleted."""


def find_referred(records, references):
    """Return those of the records that any other one refers to, whoever may see it and
    also if it is archived.

    :param dict references: the names of the fields that refer to them, by model
    """
    found = records.browse()
    for model, names in references.items():
        others = records.env[model].sudo().with_context(active_test=False)
        for name in names:
            groups = others._read_group([(name, "in", records.ids)], [name])
            found = found.union(*(record for (record,) in groups))
    return records & found

"""The figures of score.py as a table for people."""


def percent(share):
    return "   -  " if share is None else f"{100 * share:6.1f}"


def quality(figures):
    return " ".join(percent(figures.get(name)) for name in ("precision", "recall", "f1"))


def counts(figures):
    return f"{figures['tp']:6d}{figures['fp']:6d}{figures['fn']:6d}"


def field_lines(result, critical):
    micro, macro = result["micro"], result["macro"]
    lines = [f"{'':32s}  prec  recall     F1     tp    fp    fn", f"{'ALL FIELDS micro':32s}{quality(micro)} {counts(micro)}",
             f"{'ALL FIELDS macro':32s}{quality(macro)}", ""]
    for key, figures in result["fields"].items():
        lines.append(f"{key + (' *' if key in critical else ''):32s}{quality(figures)} {counts(figures)}")
    return lines + ["(* critical)"]


def group_lines(title, groups):
    lines = ["", f"{title:32s}  prec  recall     F1   docs  kind%  ready%  ready-wrong"]
    for name, group in groups.items():
        lines.append(f"{name:32s}{quality(group)} {group['documents']:6d} {percent(group['kind_accuracy'])}  "
                     f"{percent(group['ready_rate'])} {group['ready_wrong']:8d}")
    return lines


def document_lines(result):
    kind, page, turn, split = (result[name] for name in ("document_kind", "page_kind", "rotation", "split"))
    missing = result["missing_lists"]
    return ["", f"document kind   {percent(kind['accuracy'])} % of {kind['n']}   referral-or-not "
            f"{percent(kind['referral_or_not_accuracy'])} %   extra documents {kind['extra_documents']}",
            f"page kind       {percent(page['accuracy'])} % of {page['n']}",
            f"page rotation   {percent(turn['accuracy'])} % of {turn['n']}   of the {turn['turned_pages']} turned pages "
            f"{percent(turn['turned_accuracy'])} %",
            f"split           {percent(split['accuracy'])} % of {split['n']} files   of the {split['multi_document_files']} "
            f"with several documents {percent(split['multi_accuracy'])} %",
            f"missing lists   {missing['claimed']} claimed, truly absent {percent(missing['truly_absent'])} %"]


def calibration_lines(calibration):
    lines = ["", f"calibration (predicted fields {calibration['predicted_fields']}, truth fields {calibration['truth_fields']}, "
             f"ECE {calibration['ece']})", "conf >=    accepted  coverage%  error%   | critical: accepted  coverage%  error%"]
    for one, critical in zip(calibration["all"], calibration["critical"]):
        lines.append(f"  {one['threshold']:.2f}     {one['accepted']:7d}    {percent(one['coverage'])}  {percent(one['error_rate'])}   |"
                     f"          {critical['accepted']:7d}    {percent(critical['coverage'])}  {percent(critical['error_rate'])}")
    return lines


def ready_lines(ready):
    lines = ["", f"straight-through: {ready['ready']} ready; {percent(ready['rate'])} % of {ready['referrals']} referrals; "
             f"ready but no referral {ready['ready_not_a_referral']}",
             f"  ready with a wrong critical value {ready['ready_with_wrong_critical']} ({percent(ready['wrong_critical_rate'])} %), "
             f"with a missed critical value {ready['ready_with_missed_critical']} ({percent(ready['missed_critical_rate'])} %), "
             f"with any wrong field {percent(ready['any_wrong_field_rate'])} %"]
    if ready["wrong_by_field"]:
        lines.append("  by field: " + ", ".join(f"{key} {n}" for key, n in ready["wrong_by_field"].items()))
    return lines


def table(result, critical):
    head = (f"files {result['files']}   without prediction {result['no_prediction']}   unreadable {result['bad_json']}   "
            f"unknown keys {result['unknown_keys']}")
    return "\n".join([head, "", *field_lines(result, critical), *group_lines("layout", result["layouts"]),
                      *group_lines("delivery", result["deliveries"]), *document_lines(result),
                      *calibration_lines(result["calibration"]), *ready_lines(result["straight_through"])])

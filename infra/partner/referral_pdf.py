"""A small PDF with text, written by hand: a fictional referral."""

REFERRAL = [
    (18, "Northside Family Medicine"),
    (9, "410 Juniper Avenue, Springfield, IL 62704    Phone (217) 555-0142    Fax (217) 555-0143"),
    (9, "Direct dr.osei@direct.northside-family.example"),
    (0, ""),
    (15, "Referral"),
    (0, ""),
    (11, "Date: 11/16/2026"),
    (11, "Refer to: Lakeview Cardiology"),
    (11, "Specialty: Cardiology"),
    (11, "Urgency: Routine"),
    (0, ""),
    (11, "Patient name: Marisol Quintana"),
    (11, "Date of birth: 04/09/1961"),
    (11, "Sex: Female"),
    (11, "Phone: (217) 555-0178"),
    (11, "Address: 88 Larch Street, Springfield, IL 62703"),
    (0, ""),
    (11, "Insurance: Prairie Health Plan"),
    (11, "Member ID: PHP402281736"),
    (0, ""),
    (11, "Diagnosis: I48.91"),
    (11, "Reason for referral: Palpitations with an irregular pulse on examination, please evaluate."),
    (0, ""),
    (11, "Referring provider: Dr. Ama Osei, MD"),
    (11, "NPI: 1093817462"),
]


def make(lines):
    content, y = [], 730
    for size, text in lines:
        if size:
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            content.append(f"BT /F1 {size} Tf 1 0 0 1 64 {y} Tm ({escaped}) Tj ET")
        y -= max(size, 9) * 1.6
    stream = "\n".join(content).encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    document, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    document += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return document

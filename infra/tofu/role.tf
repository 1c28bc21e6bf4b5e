# What serve and work may do, and nothing else: not list buckets, not remove an old version, not touch a key's settings.

resource "aws_iam_role" "referloop" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_instance_profile" "referloop" {
  name = var.name
  role = aws_iam_role.referloop.name
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = var.trusted_services
    }
  }
}

resource "aws_iam_role_policy" "referloop" {
  name   = "documents-keys-checkpoints"
  role   = aws_iam_role.referloop.id
  policy = data.aws_iam_policy_document.role.json
}

data "aws_iam_policy_document" "role" {
  statement {
    sid       = "Documents"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    resources = ["${aws_s3_bucket.documents.arn}/documents/*"]
  }

  # Looking whether a document is there, `vault verify`, and the health check of the bucket.
  statement {
    sid       = "ListDocuments"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.documents.arn]
  }

  # Put and read, never removed: the bucket's lock holds against this role as against everybody.
  statement {
    sid       = "Checkpoints"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.checkpoints.arn}/*"]
  }

  statement {
    sid       = "ListCheckpoints"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.checkpoints.arn]
  }

  # The conditions stand in the key's own policy too, which holds whatever other policies this account has.
  statement {
    sid       = "Sealing"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
    resources = [aws_kms_key.sealing.arn]

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:tenant"
      values   = [local.tenant]
    }
  }

  statement {
    sid       = "Storage"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = [aws_kms_key.storage.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.region}.amazonaws.com"]
    }
  }
}

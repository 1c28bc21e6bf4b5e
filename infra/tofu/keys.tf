# Two keys: one wraps Referloop's data keys, the other encrypts the buckets once more. Whoever has the second alone reads nothing.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  tenant = coalesce(var.tenant, "ten_*")
}

resource "aws_kms_key" "sealing" {
  description             = "${var.name}: wraps the data keys of documents and fields"
  enable_key_rotation     = true
  rotation_period_in_days = 365
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.sealing.json

  # Without this key no document ever opens again.
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "sealing" {
  name          = "alias/${var.name}-sealing"
  target_key_id = aws_kms_key.sealing.key_id
}

resource "aws_kms_key" "storage" {
  description             = "${var.name}: encrypts the buckets"
  enable_key_rotation     = true
  rotation_period_in_days = 365
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.storage.json

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "storage" {
  name          = "alias/${var.name}-storage"
  target_key_id = aws_kms_key.storage.key_id
}

data "aws_iam_policy_document" "key_administration" {
  statement {
    sid       = "Administration"
    actions   = ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:RotateKeyOnDemand"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = var.key_administrators
    }
  }
}

data "aws_iam_policy_document" "sealing" {
  source_policy_documents = [data.aws_iam_policy_document.key_administration.json]

  # Only under the name of this installation: a data key of another one is not unwrapped, whoever asks.
  statement {
    sid       = "Sealing"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.referloop.arn]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:tenant"
      values   = [local.tenant]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "kms:EncryptionContextKeys"
      values   = ["tenant"]
    }
  }
}

data "aws_iam_policy_document" "storage" {
  source_policy_documents = [data.aws_iam_policy_document.key_administration.json]

  # Through S3 alone, and for these buckets alone.
  statement {
    sid       = "Storage"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.referloop.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.region}.amazonaws.com"]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = flatten([for bucket in local.buckets : ["arn:${data.aws_partition.current.partition}:s3:::${bucket}", "arn:${data.aws_partition.current.partition}:s3:::${bucket}/*"]])
    }
  }
}

output "settings" {
  description = "For /etc/referloop/environment, on machines that have the role."
  value       = <<-TEXT
    AWS_REGION=${data.aws_region.current.region}
    REFERLOOP_OBJECTS=s3://${aws_s3_bucket.documents.bucket}/documents
    REFERLOOP_KEYS=aws-kms:${aws_kms_key.sealing.arn}
  TEXT
}

output "instance_profile" {
  description = "What machines of EC2 are started with."
  value       = aws_iam_instance_profile.referloop.name
}

output "checkpoints" {
  description = "The bucket for checkpoints of the audit log."
  value       = aws_s3_bucket.checkpoints.bucket
}

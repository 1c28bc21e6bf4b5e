variable "name" {
  description = "Begins the name of everything made here. Buckets are named world-wide, so that it must be yours alone."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{2,40}$", var.name))
    error_message = "Small letters, digits and hyphens; 3 to 41 of them."
  }
}

variable "tenant" {
  description = "The installation's id (ten_…), as `referloop doctor` prints it after the first start. Until then any installation's id is let through."
  type        = string
  default     = null

  validation {
    condition     = var.tenant == null || can(regex("^ten_[0-9A-Z]{26}$", var.tenant))
    error_message = "It looks like ten_01J0000000000000000000000Y."
  }
}

variable "trusted_services" {
  description = "Who takes the role: where serve and work run."
  type        = list(string)
  default     = ["ec2.amazonaws.com"]
}

variable "key_administrators" {
  description = "ARNs of the people or roles who may change and delete the keys, and never use them."
  type        = list(string)
}

variable "old_versions_days" {
  description = "How long a removed document can be brought back. Longer than the database's backups are kept."
  type        = number
  default     = 45
}

variable "checkpoints_days" {
  description = "How long nobody, not even the account's owner, can remove a checkpoint of the audit log. Six years by HIPAA."
  type        = number
  default     = 2192
}

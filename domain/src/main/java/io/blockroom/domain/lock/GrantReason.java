package io.blockroom.domain.lock;

/** How somebody came to a lock. */
public enum GrantReason {
  /** They asked for it. */
  ACQUIRED,
  /** Its former owner gave it to them. */
  HANDOVER
}

package io.blockroom.domain.lock;

/** Whether a block must be locked to be edited. */
public enum LockPolicy {
  /** An edit stands unless somebody else holds a block that it touches. */
  ADVISORY,
  /** An edit stands only if its author holds every block that it touches and does not create. */
  REQUIRED
}

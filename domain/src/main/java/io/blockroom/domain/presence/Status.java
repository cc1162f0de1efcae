package io.blockroom.domain.presence;

/** How present somebody is. */
public enum Status {
  /** They are at work. */
  ACTIVE,
  /** They have done nothing for a while. */
  IDLE,
  /** They do not see the workspace, or their connection is broken. */
  AWAY
}

package io.blockroom.domain.snapshot;

/** In which form somebody can read a workspace. */
public enum WorkspaceForm {
  /** As XML only. */
  XML,
  /** As XML or as JSON, whichever is newer; as JSON if both are. */
  ANY
}

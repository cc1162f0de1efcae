package io.blockroom.domain.snapshot;

import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;

/**
 * The stored state of a workspace.
 *
 * @param seq the last commit that the state contains
 */
public record WorkspaceSnapshot(SequenceNumber seq, WorkspaceXml workspace) {}

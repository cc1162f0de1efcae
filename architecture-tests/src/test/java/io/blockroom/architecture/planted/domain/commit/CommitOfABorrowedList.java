package io.blockroom.architecture.planted.domain.commit;

import java.util.List;

/** Holds a list that somebody else can change. */
public record CommitOfABorrowedList(List<String> events) {}

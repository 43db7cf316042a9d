package io.ramtide.scanner.windows.process;

import io.ramtide.schemas.ListStatus;
import java.util.Collection;
import java.util.Optional;

/**
 * The active process list, as far as it could be walked.
 *
 * @param detail where and why the walk stopped, when not complete
 * @param processes by either direction
 */
record ActiveList(ListStatus status, Optional<String> detail, Collection<RawProcess> processes) {}

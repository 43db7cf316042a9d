/** What fits into a record on ramtide.findings. */
package io.ramtide.scanner.worker.limits;

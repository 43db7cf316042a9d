/** Benchmarks that print a table each; {@code bench/run} starts them. */
package io.ramtide.bench;

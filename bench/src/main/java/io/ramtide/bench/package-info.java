/** Ramtide: bench. */
package io.ramtide.bench;

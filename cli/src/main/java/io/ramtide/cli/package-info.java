/** Ramtide: cli. */
package io.ramtide.cli;

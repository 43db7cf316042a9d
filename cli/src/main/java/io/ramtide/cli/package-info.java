/** The program {@code ramtide}. */
package io.ramtide.cli;

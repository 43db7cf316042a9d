/** The roles in one JVM, and what they write to the timelines. */
package io.ramtide.cli.pipeline;

/** The roles in this JVM: acquirer, scanner and correlator. */
package io.ramtide.cli.pipeline;

/** A dump analysed straight from its file, without Kafka. */
package io.ramtide.cli.inspect;

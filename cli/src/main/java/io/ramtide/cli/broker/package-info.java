/** The embedded broker, the connection to a broker, and the topics on it. */
package io.ramtide.cli.broker;

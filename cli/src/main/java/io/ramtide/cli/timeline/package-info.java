/** What the topics of timelines and anomalies bring. */
package io.ramtide.cli.timeline;

/** What the correlator remembers between records: state stores and their Avro records. */
package io.ramtide.correlator.state;

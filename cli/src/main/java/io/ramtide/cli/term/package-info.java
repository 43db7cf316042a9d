/** What reaches a person: the terminal, escapes, tables, progress, failures and exit codes. */
package io.ramtide.cli.term;

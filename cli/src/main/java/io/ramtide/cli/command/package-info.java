/** The commands and their options. */
package io.ramtide.cli.command;

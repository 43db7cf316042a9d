/** The findings of one memory for people, kind by kind, and as JSON Lines. */
package io.ramtide.cli.render.inspect;

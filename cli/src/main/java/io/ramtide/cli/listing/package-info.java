/** What a guest has, put together from ramtide.findings. */
package io.ramtide.cli.listing;

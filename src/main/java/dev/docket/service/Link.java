package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A link to a page about a service.
 *
 * @param href an address with the scheme http or https
 * @param title a label for people; null for the address
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Link(String href, @Nullable String title) {}

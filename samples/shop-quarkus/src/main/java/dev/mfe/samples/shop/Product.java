package dev.mfe.samples.shop;

/**
 * Something to buy.
 *
 * @param id as in addresses
 * @param colour of its picture, as in CSS
 */
record Product(String id, String name, String description, Money price, String colour) {}

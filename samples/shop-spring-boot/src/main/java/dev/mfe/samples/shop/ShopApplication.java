package dev.mfe.samples.shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The shop. */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopApplication {

    /**
     * Starts the shop.
     *
     * @param args properties such as {@code --server.port=8090}
     */
    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }
}

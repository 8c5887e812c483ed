package dev.mfe.samples.shop;

import dev.mfe.samples.tests.DemoRules;

class DemoIT extends DemoRules {}

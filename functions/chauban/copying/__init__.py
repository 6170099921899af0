"""Certified copies (SAO Y, SAO LỤC, TRÍCH SAO) of documents that were issued: Decree 30/2020/ND-CP, Articles 25 to 27."""

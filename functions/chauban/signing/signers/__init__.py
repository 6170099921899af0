"""Where private keys are used: each signer turns a digest into a raw signature value and knows nothing of documents."""

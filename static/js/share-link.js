// <share-link data-url data-title>: hands the page's address on, where the device can, and else copies it; prints.
class ShareLink extends HTMLElement {
  connectedCallback() {
    const [share, print] = [this.querySelector("[data-share]"), this.querySelector("[data-print]")];
    share.hidden = print.hidden = false;
    share.addEventListener("click", () => this.share());
    print.addEventListener("click", () => window.print());
  }

  async share() {
    const { url, title } = this.dataset;
    try {
      if (navigator.share) return await navigator.share({ url, title });
      await navigator.clipboard.writeText(url);
      this.tell("The address is copied. Whoever has it has the tickets.");
    } catch (error) {
      if (error.name !== "AbortError") this.tell("Copy the address of this page from your browser.");
    }
  }

  tell(words) {
    this.querySelector("[data-told]").textContent = words;
  }
}

customElements.define("share-link", ShareLink);

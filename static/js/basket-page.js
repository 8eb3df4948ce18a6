// <basket-page data-over>: when the time is up, the page that says so; a button pressed once is pressed once.
class BasketPage extends HTMLElement {
  connectedCallback() {
    this.addEventListener("lock-over", () => this.leave());
    if (this.querySelector("lock-timer").isOver) this.leave();
    this.addEventListener("submit", ({ target }) => this.press(target));
    addEventListener("pageshow", (this.onShown = ({ persisted }) => persisted && location.reload()));
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this.onShown);
  }

  leave() {
    location.replace(this.dataset.over);
  }

  press(form) {
    // After the form has been read, so that the button's own value goes with it.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
  }
}

customElements.define("basket-page", BasketPage);
